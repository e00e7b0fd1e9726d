whytwitch detect --quiet --bids dataset --subject 01 --task rest
whytwitch info dataset

export KEY=only-an-example
whytwitch serve --port 8798 --token $KEY --no-browser &
trap 'kill $!' EXIT
until curl -sf -o /dev/null -H "Authorization: Bearer $KEY" http://127.0.0.1:8798/api/health; do sleep 0.2; done

curl -s -H "Authorization: Bearer $KEY" http://127.0.0.1:8798/api/explain \
  -H 'Content-Type: application/json' \
  -d '{"text": "My calves twitch at night, no weakness. I am 34 and run marathons."}'

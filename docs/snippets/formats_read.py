from whytwitch import read

recording = read("formats_table.txt", electrode="surface")
print(recording.channels[0].name, recording.sampling_rate_hz, "Hz")
for start in range(0, recording.n_samples, 4):
    block = recording.read(start, min(start + 4, recording.n_samples))  # (channels, samples) in µV
    print(block.shape, block.max())

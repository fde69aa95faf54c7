// Preloaded into a process that is measured (`--import`): tells over the IPC channel what it has used so far.
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send({ cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() });
});
process.channel?.unref();

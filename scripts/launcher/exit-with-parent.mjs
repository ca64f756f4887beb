// Preloaded into every process that the launcher starts: when the launcher is gone, however it went, so are they.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

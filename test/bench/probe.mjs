// Preloaded into a process that is measured (`--import`): tells over the IPC channel what it has used so far.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const resolutionMs = 1;
let delays;

const answers = {
  usage,
  'usage after collection': () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return { ...usage(), heapBytes: heapUsed + external };
  },
  'watch event loop': () => {
    delays = monitorEventLoopDelay({ resolution: resolutionMs });
    delays.enable();
    return {};
  },
  'event loop delay': () => {
    delays.disable();
    const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    return { p99: late(delays.percentile(99)), most: late(delays.max) };
  },
};

function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
}

process.on('message', (question) => {
  const answer = answers[question];
  if (answer) process.send(answer());
});
process.channel?.unref();

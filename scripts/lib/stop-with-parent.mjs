// Loaded into the server by `npm start`. npm runs scripts in a shell, and a shell that is told to stop tells nobody: the
// server would live on, with its port and its database. So the server stops in good order when its parent is gone.
const parent = process.ppid;
let told = false;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    told = true;
    // Until the server handles signals itself, this listener alone must not keep it from ending.
    if (process.listenerCount(signal) === 1) process.exit(code);
  });
}

setInterval(() => {
  // A server that is stopping already would take a second signal for impatience.
  if (process.ppid === parent || told) return;
  process.kill(process.pid, 'SIGTERM');
}, 200).unref();

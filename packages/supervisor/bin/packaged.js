// The launcher of the packaged program, in which everything is one file (scripts/package).

// Node's own variables are for who runs node. Those that it reads before this are taken out of the executable.
for (const name of Object.keys(process.env)) {
  if (/^NODE_/i.test(name)) delete process.env[name];
}

const worker = async (args) => (await import('../../worker/dist/main.js')).runWorker(args);

const args = process.argv.slice(2);
// A child of the program's own does not wait for a parser.
const started =
  args[0] === 'worker' && /^--(?:supervised|probe)$/.test(args[1])
    ? worker(args.slice(1))
    : import('../dist/main.js').then(({ runCommand }) => runCommand(args, worker));
// What nobody caught ends the program as it would without a promise.
started.catch((error) => {
  process.nextTick(() => {
    throw error;
  });
});

// The least that a Node supervisor can be: what it needs of Node is loaded, and nothing happens.
import 'node:child_process';
import 'node:net';

// The longest that a timer goes.
setInterval(() => undefined, 2 ** 31 - 1);

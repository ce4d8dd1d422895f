// The same, woken as often as the product's supervisor: by three beats a minute, and three looks whether they came.
import 'node:child_process';
import 'node:net';

setInterval(() => undefined, 10_000);

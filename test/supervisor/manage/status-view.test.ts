import { renderStatus } from '@guruconnect/supervisor/manage/status-view';
import { test } from 'tap';

test('what a relay has written cannot steer the terminal', (t) => {
  const screen = renderStatus([['link', 'no\u001b[2J\nservice: fine', 'busy']], false);
  t.notMatch(screen, /\u001b/);
  t.notMatch(screen, /^service: fine/m);
  t.match(screen, /\\u001b/);
  t.end();
});

test('a line each, with the values below each other', (t) => {
  t.equal(
    renderStatus(
      [
        ['service', 'running', 'good'],
        ['start type', 'automatic', 'plain'],
      ],
      false,
    ),
    '\nGuruConnect agent\n\n  service     running\n  start type  automatic\n\n',
  );
  t.end();
});

test('colours of our own are kept, and are there on a terminal only', (t) => {
  t.match(renderStatus([['service', 'running', 'good']], true), /\u001b\[32mrunning/);
  t.notMatch(renderStatus([['service', 'running', 'good']], false), /\u001b/);
  t.end();
});

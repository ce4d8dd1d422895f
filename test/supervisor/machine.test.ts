import {
  FAILED,
  OK,
  type ServiceEffect,
  type ServiceEvent,
  type ServiceState,
  startService,
  stepService,
} from '@guruconnect/supervisor/machine';
import fc from 'fast-check';
import { test } from 'tap';
import { showCell, showEffects } from '../helpers/cells.ts';
import { SERVICE_EVENTS as EVENTS } from '../helpers/tables.ts';

const STATES: Readonly<Record<string, ServiceState>> = {
  starting: { kind: 'starting' },
  running: { kind: 'running' },
  'stopping(OK)': { kind: 'stopping', exit: OK, killed: false },
  'stopping(FAILED)': { kind: 'stopping', exit: FAILED, killed: false },
  'stopping(FAILED), killed': { kind: 'stopping', exit: FAILED, killed: true },
  'stopped(OK)': { kind: 'stopped', exit: OK },
  'stopped(FAILED)': { kind: 'stopped', exit: FAILED },
};

/** Every cell that is not "stay, do nothing", in the words of docs/architecture.md. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  starting: {
    'worker-ready': 'running: timer-off, report running',
    'control stop': 'stopping(OK): report stop-pending, ask-stop stop, timer stop',
    'control shutdown': 'stopping(OK): report stop-pending, ask-stop shutdown, timer shutdown',
    'pipe-lost': 'stopping(FAILED): report stop-pending, timer exit',
    'worker-exited': 'stopped(FAILED): timer-off, report stopped(FAILED)',
    timeout: 'stopping(FAILED), killed: report stop-pending, kill, timer kill',
  },
  running: {
    'control stop': 'stopping(OK): report stop-pending, ask-stop stop, timer stop',
    'control shutdown': 'stopping(OK): report stop-pending, ask-stop shutdown, timer shutdown',
    'pipe-lost': 'stopping(FAILED): report stop-pending, timer exit',
    'worker-hung': 'stopping(FAILED), killed: report stop-pending, kill, timer kill',
    'worker-exited': 'stopped(FAILED): timer-off, report stopped(FAILED)',
  },
  'stopping(OK)': {
    'pipe-lost': 'stopping(OK): checkpoint',
    'worker-exited': 'stopped(OK): timer-off, report stopped(OK)',
    timeout: 'stopping(OK), killed: kill, checkpoint, timer kill',
  },
  'stopping(FAILED)': {
    'pipe-lost': 'stopping(FAILED): checkpoint',
    'worker-exited': 'stopped(FAILED): timer-off, report stopped(FAILED)',
    timeout: 'stopping(FAILED), killed: kill, checkpoint, timer kill',
  },
  'stopping(FAILED), killed': {
    'pipe-lost': 'stopping(FAILED), killed: checkpoint',
    'worker-exited': 'stopped(FAILED): timer-off, report stopped(FAILED)',
    timeout: 'stopping(FAILED), killed: kill, timer kill',
  },
};

test('every cell of the table is what the table says', (t) => {
  for (const [stateName, state] of Object.entries(STATES)) {
    for (const [eventName, event] of Object.entries(EVENTS)) {
      const actual = showCell(state, stepService(state, event));
      t.comment(`${stateName} x ${eventName} -> ${actual}`);
      t.equal(actual, TABLE[stateName]?.[eventName] ?? '-', `${stateName} x ${eventName}`);
    }
  }
  t.end();
});

test('the first step reports StartPending, spawns and waits for the hello', (t) => {
  t.equal(showEffects(startService.effects), 'report start-pending, spawn, timer hello');
  t.end();
});

const anyEvent = fc.constantFrom(...Object.values(EVENTS));
const anyStory = fc.array(anyEvent, { maxLength: 30 });

interface Life {
  readonly state: ServiceState;
  /** The effects of the start and of every event, in order. */
  readonly effects: readonly (readonly ServiceEffect[])[];
}

const live = (events: readonly ServiceEvent[]): Life =>
  events.reduce<Life>(
    ({ state, effects }, event) => {
      const next = stepService(state, event);
      return { state: next.state, effects: [...effects, next.effects] };
    },
    { state: startService.state, effects: [startService.effects] },
  );

const reports = (life: Life): readonly string[] =>
  life.effects.flat().flatMap((effect) => (effect.kind === 'report' ? [effect.report.state] : []));

const holds = (property: (events: ServiceEvent[]) => boolean): void => {
  fc.assert(fc.property(anyStory, property), { numRuns: 5000 });
};

test('the reports are a subsequence of StartPending, Running, StopPending, Stopped', (t) => {
  const order = ['start-pending', 'running', 'stop-pending', 'stopped'];
  holds((events) => {
    const places = reports(live(events)).map((state) => order.indexOf(state));
    return places.every((place, i) => i === 0 || place > (places[i - 1] ?? -1));
  });
  t.pass();
  t.end();
});

test('Stopped comes exactly once, last, and only with the exit of the worker', (t) => {
  holds((events) => {
    const { effects } = live(events);
    const ends = effects.flatMap((step, i) =>
      step.some((effect) => effect.kind === 'report' && effect.report.state === 'stopped') ? [i] : [],
    );
    const exit = events.findIndex((event) => event.kind === 'worker-exited');
    return exit === -1 ? ends.length === 0 : ends.length === 1 && ends[0] === exit + 1;
  });
  t.pass();
  t.end();
});

const isAsked = (events: readonly ServiceEvent[]): boolean => {
  const kinds = events.map((event) => event.kind);
  const asked = kinds.indexOf('control');
  const before = kinds.slice(0, asked);
  return asked !== -1 && !before.some((kind) => ['pipe-lost', 'worker-exited'].includes(kind));
};

test('a stop that is asked while nothing has gone wrong ends Win32(0), whatever comes then', (t) => {
  fc.assert(
    fc.property(fc.boolean(), anyStory, (isUp, rest) => {
      const before: ServiceEvent[] = isUp ? [{ kind: 'worker-ready' }] : [];
      const story: ServiceEvent[] = [...before, { kind: 'control', control: 'stop' }, ...rest];
      const { state } = live([...story, { kind: 'worker-exited' }]);
      return state.kind === 'stopped' && state.exit === OK;
    }),
    { numRuns: 5000 },
  );
  t.pass();
  t.end();
});

test('what nobody asked for ends ServiceSpecific(1)', (t) => {
  holds((events) => {
    const { state } = live([...events, { kind: 'worker-exited' }]);
    const asked = isAsked(events);
    return (
      state.kind === 'stopped' && (asked || state.exit === FAILED || events.some((e) => e.kind === 'control'))
    );
  });
  holds((events) => {
    const unasked = events.filter((event) => event.kind !== 'control');
    const { state } = live([...unasked, { kind: 'worker-exited' }]);
    return state.kind === 'stopped' && state.exit === FAILED;
  });
  t.pass();
  t.end();
});

test('pipe-lost and worker-exited commute', (t) => {
  const lost = { kind: 'pipe-lost' } as const;
  const exited = { kind: 'worker-exited' } as const;
  fc.assert(
    fc.property(anyStory, anyStory, (before, after) => {
      const one = live([...before, lost, exited, ...after]).state;
      const other = live([...before, exited, lost, ...after]).state;
      return one.kind === 'stopped' && other.kind === 'stopped' && one.exit === other.exit;
    }),
    { numRuns: 5000 },
  );
  t.pass();
  t.end();
});

test('nothing is performed after stopped, and a worker is spawned once', (t) => {
  holds((events) => {
    const { effects } = live(events);
    const exit = events.findIndex((event) => event.kind === 'worker-exited');
    const after = exit === -1 ? [] : effects.slice(exit + 2);
    const spawns = effects.flat().filter((effect) => effect.kind === 'spawn').length;
    return spawns === 1 && after.every((step) => step.length === 0);
  });
  t.pass();
  t.end();
});

test('no state but running waits without a bound', (t) => {
  holds((events) => {
    const { state, effects } = live(events);
    const timers = effects.flat().filter((effect) => effect.kind === 'timer' || effect.kind === 'timer-off');
    // A timeout event uses the timer up, and is only followed by a new one where the state is left waiting.
    const armed = timers.at(-1)?.kind === 'timer';
    return armed === (state.kind === 'starting' || state.kind === 'stopping');
  });
  t.pass();
  t.end();
});

test('the worker is asked to stop once at the most, and killed only after a bound has passed or it hung', (t) => {
  holds((events) => {
    const { effects } = live(events);
    const asks = effects.flat().filter((effect) => effect.kind === 'ask-stop').length;
    const kills = effects.flatMap((step, i) =>
      step.some((effect) => effect.kind === 'kill') ? [events[i - 1]] : [],
    );
    return asks <= 1 && kills.every((event) => event?.kind === 'timeout' || event?.kind === 'worker-hung');
  });
  t.pass();
  t.end();
});

test('check points grow with the end of the pipe and the first kill, and not with time alone', (t) => {
  holds((events) => {
    const { effects } = live(events);
    const has = (step: readonly ServiceEffect[] | undefined, kind: ServiceEffect['kind']): boolean =>
      step?.some((effect) => effect.kind === kind) === true;
    const firstKill = effects.findIndex((step) => has(step, 'kill'));
    return effects.every(
      (step, i) => !has(step, 'checkpoint') || events[i - 1]?.kind === 'pipe-lost' || i === firstKill,
    );
  });
  const killed = live([{ kind: 'control', control: 'stop' }, { kind: 'timeout' }, { kind: 'timeout' }]);
  t.equal(killed.effects.flat().filter((effect) => effect.kind === 'checkpoint').length, 1);
  t.equal(killed.effects.flat().filter((effect) => effect.kind === 'kill').length, 2);
  t.end();
});

import assert from 'node:assert/strict';
import { type Machine, runMachine } from '@guruconnect/shared/machine-runner';
import fc from 'fast-check';
import { test } from 'tap';

type Dispatch = (event: string) => void;

/** The state is every event so far; the effects of an event are what `effectsOf` says. */
const recorder = (effectsOf: (event: string) => readonly string[]): Machine<string, string, string> => ({
  start: { state: '', effects: effectsOf('start') },
  step: (state, event) => ({ state: `${state}${event}`, effects: effectsOf(event) }),
});

/** Runs a recorder; `perform` may dispatch. What happened is told in order. */
const run = (
  effectsOf: (event: string) => readonly string[],
  perform: (effect: string, dispatch: Dispatch) => void = () => undefined,
) => {
  const told: string[] = [];
  const early: string[] = [];
  let dispatch: Dispatch = (event) => void early.push(event);
  const put: Dispatch = (event) => {
    dispatch(event);
  };
  dispatch = runMachine(recorder(effectsOf), {
    perform: (effect) => {
      told.push(`begin ${effect}`);
      perform(effect, put);
      told.push(`end ${effect}`);
    },
    transition: (from, event, to) => void told.push(`${from} -${event ?? 'start'}-> ${to}`),
    broke: (error) => void told.push(`broke: ${(error as Error).message}`),
  });
  return { dispatch: put, told };
};

test('the effects of the start are performed before the first event, and then told', (t) => {
  const { told } = run((event) => (event === 'start' ? ['x', 'y'] : []));
  t.same(told, ['begin x', 'end x', 'begin y', 'end y', ' -start-> ']);
  t.end();
});

test('each event is a step, its effects in order, then the transition', (t) => {
  const { dispatch, told } = run((event) => (event === 'a' ? ['x', 'y'] : []));
  dispatch('a');
  dispatch('b');
  t.same(told, [' -start-> ', 'begin x', 'end x', 'begin y', 'end y', ' -a-> a', 'a -b-> ab']);
  t.end();
});

test('an event that an effect puts is taken after all effects of the one before', (t) => {
  const effects: Record<string, string[]> = { a: ['put b', 'x'], b: ['y'] };
  const { dispatch, told } = run(
    (event) => effects[event] ?? [],
    (effect, put) => {
      if (effect === 'put b') put('b');
    },
  );
  dispatch('a');
  t.same(told, [
    ' -start-> ',
    'begin put b',
    'end put b',
    'begin x',
    'end x',
    ' -a-> a',
    'begin y',
    'end y',
    'a -b-> ab',
  ]);
  t.end();
});

test('events are taken one at a time and in the order they were put, however deep', (t) => {
  // Event n puts its children from within an effect: breadth first is the order of a queue.
  const children = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(children, (counts) => {
      const taken: string[] = [];
      let put = 1;
      const { dispatch, told } = run(
        (event) => [event],
        (effect, dispatchOne) => {
          taken.push(effect);
          for (let child = 0; child < (counts[Number(effect)] ?? 0); child += 1) {
            if (put < counts.length) dispatchOne(String(put++));
          }
        },
      );
      dispatch('0');
      assert.deepEqual(taken, ['start', ...Array.from({ length: put }, (_, at) => String(at))]);
      // Never a begin within a begin.
      told
        .filter((line) => /^(begin|end) /.test(line))
        .forEach((line, at) => {
          assert.equal(line.startsWith('begin'), at % 2 === 0);
        });
    }),
  );
  t.end();
});

test('an effect that throws breaks the machine: the rest of its effects and its transition are not', (t) => {
  const { dispatch, told } = run(
    (event) => (event === 'a' ? ['x', 'boom', 'y'] : ['z']),
    (effect) => {
      if (effect === 'boom') throw new Error('no disk');
    },
  );
  dispatch('a');
  t.same(told.slice(3), ['begin x', 'end x', 'begin boom', 'broke: no disk']);
  t.end();
});

test('a broken machine takes no further event, those already put included', (t) => {
  const { dispatch, told } = run(
    (event) => (event === 'a' ? ['boom'] : []),
    (_effect, put) => {
      put('b');
      throw new Error('no disk');
    },
  );
  t.doesNotThrow(() => {
    dispatch('a');
    dispatch('c');
  });
  t.same(told, [' -start-> ', 'begin boom', 'broke: no disk']);
  t.end();
});

test('an effect of the start that throws breaks the machine before it takes any event', (t) => {
  const { dispatch, told } = run(
    () => ['boom'],
    () => {
      throw new Error('no disk');
    },
  );
  dispatch('a');
  t.same(told, ['begin boom', 'broke: no disk']);
  t.end();
});

test('a transition that throws breaks the machine as an effect does', (t) => {
  const errors: unknown[] = [];
  let transitions = 0;
  const dispatch = runMachine(
    recorder(() => []),
    {
      perform: () => undefined,
      transition: (_from, event) => {
        transitions += 1;
        if (event !== undefined) throw new Error('nobody listens');
      },
      broke: (error) => void errors.push(error),
    },
  );
  dispatch('a');
  dispatch('b');
  t.match(errors, [new Error('nobody listens')]);
  t.equal(transitions, 2);
  t.end();
});

test('a state is told before its effects to whoever asked for that', (t) => {
  const told: string[] = [];
  const dispatch = runMachine(
    recorder((event) => [`effect of ${event}`]),
    {
      perform: (effect) => void told.push(effect),
      entering: (_from, event = 'start') => void told.push(`entering by ${event}`),
      transition: (_from, event = 'start') => void told.push(`entered by ${event}`),
      broke: (error) => void told.push(String(error)),
    },
  );
  dispatch('a');
  t.same(told, [
    'entering by start',
    'effect of start',
    'entered by start',
    'entering by a',
    'effect of a',
    'entered by a',
  ]);
  t.end();
});

/** One machine whose event `go` has a calm effect and an urgent one; the urgent one may throw. */
const urgently = (fails: boolean): readonly string[] => {
  const told: string[] = [];
  const dispatch = runMachine(
    recorder((event) => (event === 'go' ? ['calm', 'urgent'] : [])),
    {
      perform: (effect) => {
        told.push(effect);
        if (fails && effect === 'urgent') throw new Error('no');
      },
      isUrgent: (effect) => effect === 'urgent',
      entering: (from, event, to) => void told.push(`${from} -${event ?? 'start'}-> ${to}`),
      transition: (_from, _event, to) => void told.push(`in ${to}`),
      broke: (error) => void told.push(`broke: ${(error as Error).message}`),
    },
  );
  dispatch('go');
  return told;
};

test('what is urgent comes before the state is told, and all else after it', (t) => {
  t.same(urgently(false), [' -start-> ', 'in ', 'urgent', ' -go-> go', 'calm', 'in go']);
  t.end();
});

test('where it throws, the state is told before the machine is broken', (t) => {
  t.same(urgently(true), [' -start-> ', 'in ', 'urgent', ' -go-> go', 'broke: no']);
  t.end();
});

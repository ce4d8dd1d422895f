/** A host that remembers what it was told, in words, and passes on the controls that a test gives it. */
import type { Control } from '@guruconnect/shared/pipe-protocol';
import type { Host } from '@guruconnect/supervisor/host';
import { OK, type Report } from '@guruconnect/supervisor/machine';

export interface FakeHost extends Host {
  /** `running`, `checkpoint`, `stopped(OK)`: what it has taken, in order. */
  readonly heard: readonly string[];
  /** As from the SCM or a person; kept while nobody listens. */
  control(control: Control): void;
}

export const showReport = (report: Report): string =>
  report.state === 'stopped' ? `stopped(${report.exit === OK ? 'OK' : 'FAILED'})` : report.state;

/** @param before hears of every call by its port's name before it is taken, and may throw. */
export const createFakeHost = (before: (call: string) => void = () => undefined): FakeHost => {
  const heard: string[] = [];
  const early: Control[] = [];
  let listener = (control: Control): void => {
    early.push(control);
  };
  return {
    heard,
    control: (control) => {
      listener(control);
    },
    report: (report) => {
      before('host.report');
      heard.push(showReport(report));
    },
    checkpoint: () => {
      before('host.checkpoint');
      heard.push('checkpoint');
    },
    onControl: (next) => {
      before('host.onControl');
      listener = next;
      early.splice(0).forEach(next);
    },
  };
};

/** The product as a Windows service, beside its floor and its peers; under Wine, so that only the ratios mean something. */
import type { Bench, BenchResult } from '../bench.ts';
import type { Claim } from '../claim.ts';
import { installProduct } from './contenders.ts';
import { type Laboratory, openLaboratory } from './laboratory.ts';
import { measureStarts, packagedClaims, packagedGroups } from './packaged.ts';
import { prepareWindows, windowsMissing } from './programs.ts';
import { FULL, QUICK, measureRounds } from './rounds.ts';
import { noMeasurements, serviceClaims, serviceGroups } from './service-claims.ts';
import { measureDeafStop, measureShutdown, shutdownClaims } from './shutdown.ts';

type Say = Parameters<Bench>[1];

/** What cannot run here is said, and claims nothing. */
const inLaboratory = async (
  say: Say,
  /** Which claims there would be, none of which holds. */
  unmeasured: () => readonly Claim[],
  measure: (laboratory: Laboratory) => Promise<BenchResult>,
): Promise<BenchResult> => {
  const missing = windowsMissing();
  if (missing !== undefined) {
    say(`not measured: ${missing}`);
    return { claims: unmeasured().map((claim) => ({ ...claim, why: missing })) };
  }
  prepareWindows();
  const laboratory = await openLaboratory();
  try {
    return await measure(laboratory);
  } finally {
    await laboratory.close();
  }
};

/** Stop, crash, start and online. */
export const benchService: Bench = ({ quick }, say) =>
  inLaboratory(
    say,
    () => serviceClaims(noMeasurements),
    async (laboratory) => {
      const plan = quick ? QUICK : FULL;
      say(`A Windows service under Wine: ${plan.rounds} lives of each, in turns`);
      const measured = await measureRounds(laboratory, plan, say);
      return { claims: serviceClaims(measured), groups: serviceGroups(measured) };
    },
  );

const times = async (count: number, measure: () => Promise<number>): Promise<readonly number[]> => {
  const values: number[] = [];
  while (values.length < count) values.push(await measure());
  return values;
};

/** A worker that ignores its end. */
export const benchShutdown: Bench = ({ quick }, say) =>
  inLaboratory(
    say,
    () => shutdownClaims([], []),
    async (laboratory) => {
      const count = quick ? 1 : 5;
      say(`A worker that ignores its end, ${count} time(s) each way: some ${count * 20} s`);
      const product = await installProduct(laboratory);
      const stops = await times(count, () => measureDeafStop(laboratory, product));
      const shutdowns = await times(count, () => measureShutdown(laboratory, product));
      return { claims: shutdownClaims(shutdowns, stops) };
    },
  );

/** The executable beside the node.exe that it is made of. */
export const benchPackaged: Bench = ({ quick }, say) =>
  inLaboratory(
    say,
    () => packagedClaims({ packaged: [], bundle: [], bare: [] }),
    async (laboratory) => {
      const starts = await measureStarts(laboratory, quick ? 5 : 40);
      return { claims: packagedClaims(starts), groups: packagedGroups(starts) };
    },
  );

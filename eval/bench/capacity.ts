import { cpus } from 'node:os';
import type { BrowserContext, Page } from 'playwright-core';
import { bundlePage } from '../caller/bundle-page.ts';
import { launchChromium } from '../caller/chromium.ts';
import { questions } from '../caller/personas.ts';
import { samplesToBase64 } from '../page/base64.ts';
import type { LoadSetup } from '../page/load-api.ts';
import { startProduct, type Product } from '../product/product.ts';
import { callerSpeech } from '../speech/caller-voice.ts';
import { pinToCores } from './affinity.ts';
import { percentile } from './percentile.ts';
import { machineCpuMs, processTree, usageOf } from './process-usage.ts';

/** The media node has this core to itself; everything else, callers included, shares the others. */
const serverCore = '0';

/** After calls are added: until their greetings are over. */
const settleMs = 3_000;
/** Long enough for four turns or more of every call; the single call needs longer to have a 95th percentile. */
const measureMs = 30_000;
const measureSingleMs = 120_000;
/** Tried one after the other until one fails; the last good one counts. */
const stepCalls = [4, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36];
const slowestFactor = 1.5;
const fullCorePct = 95;
/** Of one core. What the system itself needs stays below. */
const disturbedPct = 15;

export interface CapacityReport {
  readonly name: 'capacity';
  readonly callsPerCore: number;
  readonly cpuPerCallPct: number;
  readonly mbPerCall: number;
}

interface Step {
  readonly calls: number;
  readonly turns: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Media node and its media worker, of one core. */
  readonly cpuPct: number;
  /** Everything else that the bench runs, of one core. */
  readonly loadCpuPct: number;
  readonly residentMb: number;
  /** What other programs took of the machine, of one core. */
  readonly othersCpuPct: number;
}

/** Adds calls until turns get slow or the core is full. Latency is what the callers' page hears. */
export async function runCapacity(options: {
  progress: (line: string) => void;
}): Promise<{ report: CapacityReport; table: string }> {
  if (cpus().length < 2)
    throw new Error('The capacity bench needs two cores: one for the media node, one for the callers.');
  const product = await startProduct();
  try {
    const browser = await launchChromium({ microphone: 'allow' });
    try {
      const page = await openLoadPage(product, await browser.newContext({ bypassCSP: true }));
      const pids = pinProcesses(product);
      const single = await measure(page, pids, 1, measureSingleMs, options.progress);
      const good = [single];
      for (const calls of stepCalls) {
        const isGood = ({ p95Ms, cpuPct }: Step): boolean =>
          p95Ms <= slowestFactor * single.p95Ms && cpuPct < fullCorePct;
        let step = await measure(page, pids, calls, measureMs, options.progress);
        // Another program may have disturbed it: only what is slow twice is slow.
        if (!isGood(step)) step = await measure(page, pids, calls, measureMs, options.progress);
        if (!isGood(step)) break;
        good.push(step);
      }
      return { report: capacityReport(good), table: capacityTable(good) };
    } finally {
      await browser.close();
    }
  } finally {
    await product.stop();
  }
}

/** The lightest page that the demo site itself serves: sessions are given to known origins only. */
async function openLoadPage(product: Product, context: BrowserContext): Promise<Page> {
  const [workletSource, script, speech] = await Promise.all([
    bundlePage('worklets.ts'),
    bundlePage('load-page.ts'),
    Promise.all(questions.map((question) => callerSpeech(question, 'rms'))),
  ]);
  const setup: LoadSetup = {
    workletSource,
    controlUrl: product.stack.urls.control,
    business: product.stack.business,
    consentVersion: product.consentVersion,
    sentences: speech.map(({ sound, audibleToMs }) => ({ base64: samplesToBase64(sound.pcm), audibleToMs })),
  };
  const page = await context.newPage();
  await page.goto(new URL('/healthz', product.siteUrl).href);
  await page.addScriptTag({ content: `const loadSetup = ${JSON.stringify(setup)};\n${script}` });
  return page;
}

interface Pids {
  readonly node: readonly number[];
  readonly load: readonly number[];
}

function pinProcesses(product: Product): Pids {
  const nodePid = product.stack.mediaNode.pid;
  if (nodePid === undefined) throw new Error('The media node is down.');
  const node = processTree(nodePid);
  const load = processTree(process.pid).filter((pid) => !node.includes(pid));
  pinToCores(node, serverCore);
  pinToCores(load, `1-${cpus().length - 1}`);
  return { node, load };
}

async function measure(
  page: Page,
  pids: Pids,
  calls: number,
  lengthMs: number,
  progress: (line: string) => void,
): Promise<Step> {
  await page.evaluate((wanted) => parleyLoad.add(wanted - parleyLoad.active()), calls);
  await page.waitForTimeout(settleMs);
  await page.evaluate(() => parleyLoad.takeTurns());
  const [before, loadBefore, allBefore, fromMs] = [
    usageOf(pids.node),
    usageOf(pids.load),
    machineCpuMs(),
    performance.now(),
  ];
  await page.waitForTimeout(lengthMs);
  const [after, loadAfter, allAfter, elapsedMs] = [
    usageOf(pids.node),
    usageOf(pids.load),
    machineCpuMs(),
    performance.now() - fromMs,
  ];
  const nodeCpuMs = after.cpuMs - before.cpuMs;
  const loadCpuMs = loadAfter.cpuMs - loadBefore.cpuMs;
  const { turns, active, failures } = await page.evaluate(() => ({
    turns: parleyLoad.takeTurns(),
    active: parleyLoad.active(),
    failures: parleyLoad.failures(),
  }));
  if (active < calls) throw new Error(`${calls - active} of ${calls} calls broke: ${failures.join('; ')}`);
  const totalsMs = turns.map(({ totalMs }) => totalMs);
  const step: Step = {
    calls,
    turns: turns.length,
    p50Ms: percentile(totalsMs, 0.5),
    p95Ms: percentile(totalsMs, 0.95),
    cpuPct: (nodeCpuMs / elapsedMs) * 100,
    loadCpuPct: (loadCpuMs / elapsedMs) * 100,
    residentMb: after.residentBytes / 1e6,
    othersCpuPct: (Math.max(0, allAfter - allBefore - nodeCpuMs - loadCpuMs) / elapsedMs) * 100,
  };
  progress(stepLine(step));
  if (step.othersCpuPct > disturbedPct) {
    progress(
      `Other programs took ${step.othersCpuPct.toFixed(0)} % of a core meanwhile: this says little about Parley.`,
    );
  }
  return step;
}

function capacityReport(good: readonly Step[]): CapacityReport {
  const [first, best] = [good[0], good.at(-1)];
  if (first === undefined || best === undefined) throw new Error('Not even one call was good.');
  return {
    name: 'capacity',
    callsPerCore: best.calls,
    cpuPerCallPct: toTenth(best.cpuPct / best.calls),
    // What the first call brings with it (speech models, the compiler's code) is there once, however many calls follow.
    mbPerCall: toTenth(first === best ? best.residentMb : (best.residentMb - first.residentMb) / (best.calls - 1)),
  };
}

function capacityTable(good: readonly Step[]): string {
  const report = capacityReport(good);
  return [
    ...good.map(stepLine),
    `${report.callsPerCore} calls on one core; each ${report.cpuPerCallPct} % of it and ${report.mbPerCall} MB.`,
  ].join('\n');
}

function stepLine({ calls, turns, p50Ms, p95Ms, cpuPct, loadCpuPct, residentMb }: Step): string {
  return (
    `${whole(calls, 3)} calls: ${whole(turns, 4)} turns, p50 ${whole(p50Ms, 4)} ms, p95 ${whole(p95Ms, 4)} ms, ` +
    `core ${whole(cpuPct, 3)} %, callers ${whole(loadCpuPct, 3)} % of theirs, ${whole(residentMb, 4)} MB`
  );
}

function whole(value: number, width: number): string {
  return value.toFixed(0).padStart(width);
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10;
}

import { installBrowser } from './browser.mjs';
import { installCalendarServer } from './calendar-server.mjs';
import { installDependencies } from './dependencies.mjs';
import { installMediasoupWorker } from './mediasoup-worker.mjs';
import { installSpeechEngines } from './speech-engines.mjs';
import { installTelephones } from './telephones.mjs';
import { buildWidget } from './widget.mjs';

/** @typedef {'dependencies' | 'speech' | 'worker' | 'browser' | 'telephones' | 'calendar' | 'widget'} Step */

/** Each does nothing, in milliseconds, when its work is done already. */
const steps = {
  dependencies: installDependencies,
  speech: installSpeechEngines,
  browser: installBrowser,
  telephones: installTelephones,
  calendar: installCalendarServer,
  worker: installMediasoupWorker,
  widget: buildWidget,
};

/**
 * Runs the steps, in the order given. They run one after the other: on a small machine each wants all of it.
 *
 * @param {readonly Step[]} wanted
 */
export async function setUp(wanted) {
  for (const step of wanted) await steps[step]();
}

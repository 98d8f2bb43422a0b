import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { interjectionPhrases } from '../../dialogue/turn/interjections.ts';
import type { Speech, Synthesizer } from '../../server/agent/speak/synthesizer.ts';
import { FliteSynthesizer } from '../../server/provider/flite/flite.ts';
import { PocketSphinxFactory } from '../../server/provider/pocketsphinx/pocketsphinx.ts';
import { SileroModel } from '../../server/provider/silero/silero.ts';
import type { Engines } from './simulation/simulated-call.ts';

/** The product's engines with the demo's playbook. */
export async function loadEngines(cacheFolder: string): Promise<Engines> {
  const bundle = await demoBundle();
  const { phrases } = bundle.speech;
  const [silero, recognizers, interjections] = await Promise.all([
    SileroModel.load(),
    PocketSphinxFactory.prepare({ phrases, key: bundle.hash, cacheFolder }),
    PocketSphinxFactory.prepare({ phrases: interjectionPhrases, key: 'interjections', cacheFolder }),
  ]);
  return {
    bundle,
    recognizers,
    interjections,
    detector: () => silero.detector(),
    synthesizer: remembering(new FliteSynthesizer()),
  };
}

/** The agent says much the same in every case. */
function remembering(inner: Synthesizer): Synthesizer {
  const known = new Map<string, Promise<Speech>>();
  return {
    synthesize(text) {
      const speech = known.get(text) ?? inner.synthesize(text);
      known.set(text, speech);
      return speech;
    },
  };
}

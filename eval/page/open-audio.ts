/** A running audio graph that knows the caller's mouth and ears. */
export async function openAudio(workletSource: string): Promise<AudioContext> {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' });
  const source = new Blob([workletSource], { type: 'text/javascript' });
  await context.audioWorklet.addModule(URL.createObjectURL(source));
  await context.resume();
  return context;
}

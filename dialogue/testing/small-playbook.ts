/** The least that makes a playbook, for tests of one thing. Sections that a test brings replace these. */
const sections: Readonly<Record<string, string>> = {
  business: 'business: { id: small-shop, name: Small Shop, agentName: Pat }',
  locale: 'locale: en-US',
  disclosure: 'disclosure: { version: "1", text: An AI answers., spoken: I am an AI assistant. }',
  greeting: 'greeting: Welcome to Small Shop.',
  scheduling: `scheduling:
  timeZone: America/Denver
  service: visit
  openingHours: [{ days: [monday], from: "08:00", to: "17:00" }]
  services: [{ id: visit, name: a visit, durationMin: 60 }]`,
  facts: `facts:
  - id: parking
    kind: policy
    says: You can park behind the house.
    examples: [where can i park, is there parking, do you have a parking lot]`,
  flow: 'flow: [name, contact, appointment]',
  questions: 'questions: []',
  qualification: 'qualification: { qualifiedFrom: 10 }',
};

export function smallPlaybook(changes: Readonly<Record<string, string>> = {}): { path: string; text: string }[] {
  return Object.entries({ ...sections, ...changes }).map(([section, text]) => ({ path: `${section}.yaml`, text }));
}

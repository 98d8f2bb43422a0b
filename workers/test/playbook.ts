import type { SchedulingRules } from '../../contract/scheduling.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { contentHash } from '../../dialogue/playbook/content-hash.ts';

/** Open Monday to Friday 8:00-17:00 and Saturday 9:00-12:00 in Denver. */
export const denverRules: SchedulingRules = {
  timeZone: 'America/Denver',
  openingHours: [
    { days: [1, 2, 3, 4, 5], from: '08:00', to: '17:00' },
    { days: [6], from: '09:00', to: '12:00' },
  ],
  closedOn: ['2035-12-25'],
  services: [
    {
      id: 'roof-inspection',
      name: 'Free roof inspection',
      durationMin: 60,
      bufferMin: 30,
      leadTimeMin: 120,
      capacity: 1,
      stepMin: 30,
    },
    {
      id: 'gutter-check',
      name: 'Gutter check',
      durationMin: 30,
      bufferMin: 0,
      leadTimeMin: 0,
      capacity: 2,
      stepMin: 30,
    },
  ],
};

const unhashed: Omit<Bundle, 'hash'> = {
  business: {
    id: 'summit-roofing',
    name: 'Summit Roofing',
    agentName: 'Riley',
    representative: 'Dana',
    privacyUrl: 'https://summit.example/privacy',
  },
  locale: 'en-US',
  disclosure: { version: '2035-01', text: 'You will talk to an AI. The call is recorded.' },
  scheduling: denverRules,
  service: 'roof-inspection',
  voice: { style: [], forbidden: [], pronounce: {} },
  greeting: [{ text: 'Hello.' }],
  spokenDisclosure: [],
  flow: ['name'],
  questions: [],
  facts: [],
  intents: [],
  graph: { nodes: [], edges: [] },
  objections: [],
  qualification: { qualifiedFrom: 50, contactPoints: 10, appointmentPoints: 10 },
  wording: {},
  experiments: [],
  classifier: { labels: [], bias: [], weights: {}, unseen: 1, calibration: { slope: 1, offset: 0 }, exact: {} },
  speech: { phrases: [], words: [], approved: [] },
};

/** A small, valid playbook of a business. */
export async function testBundle(business: string, change: Partial<Omit<Bundle, 'hash'>> = {}): Promise<Bundle> {
  const content = { ...unhashed, ...change, business: { ...unhashed.business, ...change.business, id: business } };
  return { hash: await contentHash(content), ...content };
}

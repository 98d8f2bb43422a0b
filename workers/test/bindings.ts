/** Settings of the control plane under test. The keys open nothing else. */
export const testBindings = {
  NODE_KEY: 'node-key-for-tests',
  STAFF_KEY: 'staff-key-for-tests',
  SESSION_KEY: 'session-key-for-tests-of-32-bytes-or-more',
  MASTER_KEY: btoa('a master key of thirty-two bytes'),
  MEDIA_NODES: JSON.stringify([
    { name: 'north', signalingUrl: 'ws://north.test/v1/signaling' },
    { name: 'south', signalingUrl: 'ws://south.test/v1/signaling' },
  ]),
  PUBLIC_URL: 'https://parley.test',
  CRM_RETRY_BASE_SECONDS: '0',
  CLIENT_ADDRESS: 'cloudflare',
};

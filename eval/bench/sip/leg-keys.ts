import {
  type MasterKey,
  masterKeyBytes,
  masterSaltBytes,
} from '../../../server/transport/telephone/srtp/session-keys.ts';

/** Both sides of a bench know it: base64, as in a description. */
export function keyOf(text: string): MasterKey {
  const bytes = Buffer.from(text, 'base64');
  return {
    key: bytes.subarray(0, masterKeyBytes),
    salt: bytes.subarray(masterKeyBytes, masterKeyBytes + masterSaltBytes),
  };
}

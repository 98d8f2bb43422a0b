import { masterKeys } from '../business/data-key.ts';
import { testBindings } from './bindings.ts';

export const testMasterKeys = masterKeys(testBindings.MASTER_KEY, undefined);

import type { Env as WorkerEnv } from '../env.ts';
import type worker from '../index.ts';

declare module 'vitest' {
  /** Real servers that test/peers/start.mjs started. */
  interface ProvidedContext {
    mailServer: {
      plainPort: number;
      starttlsPort: number;
      tlsPort: number;
      inspectionPort: number;
      user: string;
      password: string;
    };
    hookReceiver: { url: string };
    radicale: { url: string; username: string; password: string };
  }
}

declare global {
  namespace Cloudflare {
    /** `env` of `cloudflare:workers`, in tests. */
    interface Env extends WorkerEnv {
      /** JSON; '' where the shared test data is absent. */
      readonly WEBHOOK_VECTORS: string;
    }
    interface GlobalProps {
      mainModule: { default: typeof worker };
    }
  }
}

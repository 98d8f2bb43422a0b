/**
 * Runs a piece of one call's work, now or to its end if it is a promise. A fault is told to the call it belongs to, and
 * goes no further: other calls in the process never notice.
 */
export type Guard = (label: string, work: () => unknown) => void;

export function createGuard(onFault: (label: string, error: unknown) => void): Guard {
  return (label, work) => {
    try {
      const result = work();
      if (result instanceof Promise) result.catch((error: unknown) => onFault(label, error));
    } catch (error) {
      onFault(label, error);
    }
  };
}

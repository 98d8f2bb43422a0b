import koffi, { type LibraryHandle } from 'koffi';

// Recognition recurses deeply; koffi's default stack for background calls is too small. Must precede every load.
koffi.config({ async_stack_size: 4 << 20, async_heap_size: 1 << 20 });

/** Kept for ever: a library that is collected while C code still runs crashes the process. */
const loaded = new Map<string, LibraryHandle>();

/** Loads a shared library, or says which Debian package holds it. */
export function loadLibrary(fileNames: readonly string[], debianPackage: string): LibraryHandle {
  const causes: unknown[] = [];
  for (const fileName of fileNames) {
    const known = loaded.get(fileName);
    if (known) return known;
    try {
      const library = koffi.load(fileName, { global: true });
      loaded.set(fileName, library);
      return library;
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw new Error(
    `Cannot load ${fileNames.join(' or ')}. Install it with: sudo apt-get install ${debianPackage} (or your system's package of the same library).`,
    { cause: new AggregateError(causes) },
  );
}

type NativeFunction = ReturnType<LibraryHandle['func']>;

/** Calls a C function on a background thread. */
export function inBackground(fn: NativeFunction, ...args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error: unknown, result: unknown) => (error ? reject(error) : resolve(result)));
  });
}

const maxTries = 10;

interface Openers<Udp, Tcp> {
  readonly udp: (port: number) => Promise<Udp>;
  readonly tcp: (port: number) => Promise<Tcp>;
}

/**
 * SIP's port, which has one number for UDP and TCP (RFC 3261, section 18.2.1). With port 0, where any will do, it looks
 * for one that is free for both.
 */
export async function openPair<Udp extends { readonly port: number; close: () => void }, Tcp>(
  port: number,
  open: Openers<Udp, Tcp>,
): Promise<{ readonly udp: Udp; readonly tcp: Tcp }> {
  for (let tries = 1; ; tries += 1) {
    const udp = await open.udp(port);
    try {
      return { udp, tcp: await open.tcp(udp.port) };
    } catch (error) {
      udp.close();
      if (port !== 0 || tries === maxTries) throw error;
    }
  }
}

/** A way to one peer: a datagram address, or a connection. */
export interface Flow {
  readonly transport: 'UDP' | 'TCP' | 'TLS';
  /** Of the peer, as the network says. */
  readonly address: string;
  readonly port: number;
  /** Never throws: what cannot be sent is lost, as on the network. */
  send(bytes: Uint8Array): void;
  /** The connection is closed: what is sent is lost. Datagrams never are. */
  gone?(): boolean;
  /** The same peer at another port. Datagrams only. */
  toPort?(port: number): Flow;
}

export const isReliable = ({ transport }: Flow): boolean => transport !== 'UDP';

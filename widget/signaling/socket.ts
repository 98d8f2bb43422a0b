/** A WebSocket, as far as signaling needs one. `close` is told once, also when it could never be opened. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  open(): void;
  message(data: unknown): void;
  close(): void;
}

export type OpenSocket = (url: string, listener: SocketListener) => Socket;

export const openWebSocket: OpenSocket = (url, listener) => {
  let socket: WebSocket;
  try {
    socket = new WebSocket(url);
  } catch {
    // A bad address, or `ws:` from an `https:` page.
    queueMicrotask(() => listener.close());
    return { send: () => {}, close: () => {} };
  }
  socket.addEventListener('open', () => listener.open());
  socket.addEventListener('message', ({ data }) => listener.message(data));
  socket.addEventListener('close', () => listener.close());
  return { send: (text) => socket.send(text), close: () => socket.close(1000) };
};

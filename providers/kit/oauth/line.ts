import { Agent, type RequestOptions } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { addAbortSignal } from 'node:stream';

/** The way of one token call. */
export interface Line {
  /** Connects once and keeps nothing: on a line that was kept, nobody can say what arrived. */
  readonly agent: Agent;
  /** Whether something of the request may have left: the connection was open, over TLS after both sides had shaken hands. */
  readonly isOpened: () => boolean;
}

/** A line to an address; `deadline` breaks it, wherever it is. */
export function openLine({ protocol }: URL, deadline: AbortSignal): Line {
  const isSecure = protocol === 'https:';
  let isOpened = false;
  // Certificates: said here, because a variable of the environment can turn it off for the whole process.
  const agent: Agent = isSecure ? new SecureAgent({ rejectUnauthorized: true }) : new Agent();
  const connect = agent.createConnection.bind(agent);
  // The library copies the agent deeply. A function of its own is the same in the copy; a subclass with fields would not be.
  agent.createConnection = (options: RequestOptions) => {
    const socket = connect(options);
    if (!socket) return socket;
    socket.once(isSecure ? 'secureConnect' : 'connect', () => (isOpened = true));
    return addAbortSignal(deadline, socket);
  };
  return { agent, isOpened: () => isOpened };
}

/** Exposes `call` and `subscribe` for names of the bridge contract, and nothing else, to the sandboxed window (architecture.md, "The bridge"). */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { bridgeKey, channels, isCallName, isTopic, type RawBridge } from '../src-shared/bridge/names.ts';

const bridge: RawBridge = {
  // A name outside the contract does not cross; the host answers that it is unknown.
  call: (name, input) =>
    isCallName(name)
      ? ipcRenderer.invoke(channels.call, name, input)
      : ipcRenderer.invoke(channels.call, channels.unlisted, null),
  subscribe: (listener) => {
    // The event object holds ipcRenderer, so it stays here.
    const forward = (_event: IpcRendererEvent, topic: unknown): void => {
      if (isTopic(topic)) listener(topic);
    };
    ipcRenderer.on(channels.topic, forward);
    return () => void ipcRenderer.removeListener(channels.topic, forward);
  },
};

contextBridge.exposeInMainWorld(bridgeKey, bridge);

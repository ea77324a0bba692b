/** Entry of the window: chooses the bridge once, then mounts the console. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/components.css';
import './styles/forced-colors.css';
import { App } from './app.tsx';
import { chooseBridge, createClient } from './bridge.ts';
import type { EventStream } from './bridge.ts';
import { applyRememberedTheme } from './components/theme.ts';
import { createQueryClient, DataProvider } from './data/client.tsx';
import { readAhead } from './data/first-reads.ts';
import { startText } from './text/i18n.ts';
import { applyLanguage, rememberedChoice } from './text/languages.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

applyRememberedTheme();
startText(applyLanguage(rememberedChoice()));
document.addEventListener('visibilitychange', () =>
  document.documentElement.classList.toggle('hidden-window', document.hidden),
);

/** The browser's event stream under the names the bridge knows. */
function openEvents(url: string): EventStream {
  const source = new EventSource(url);
  const stream: EventStream = { onmessage: null, onopen: null, onerror: null, close: () => source.close() };
  source.onmessage = (event: MessageEvent<string>) => stream.onmessage?.({ data: event.data });
  source.onopen = () => stream.onopen?.();
  source.onerror = () => stream.onerror?.();
  return stream;
}

/** Somebody counts as present for this long after a key, a press or a touch. */
const presentForMs = 60_000;
let lastInputMs = Date.now();
for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel'])
  document.addEventListener(event, () => (lastInputMs = Date.now()), { capture: true, passive: true });
const isPresent = (): boolean => Date.now() - lastInputMs < presentForMs;

/** The host then answers with its page for signing in, so that no figure is left on the screen. */
const onSignedOut = (): void => window.location.reload();

const bridge = chooseBridge(window, {
  fetch: (url, init) => window.fetch(url, init),
  openEvents,
  isPresent,
  onSignedOut,
});

const client = createClient(bridge);
const queries = createQueryClient();
readAhead(window.location.hash, client, queries);

createRoot(root).render(
  <StrictMode>
    <DataProvider client={client} queries={queries}>
      <App />
    </DataProvider>
  </StrictMode>,
);

/** Text of the desktop's settings and of the keyboard help. */

export const desktop = {
  window: 'Window and start',
  keepInTray: 'Keep running in the tray',
  keepInTrayHint:
    'Closing the window leaves the node at work; the window’s memory is freed. Off: closing quits, and asks while work runs.',
  startAtLogin: 'Start at login',
  startAtLoginHint: 'The console starts when you log in to this computer.',
  startHidden: 'Start hidden',
  startHiddenHint: 'At login only the tray shows it.',
  stayAwake: 'Keep this computer awake',
  stayAwakeHint: 'It does not go to sleep while the node is ready or working. The screen may.',
  notices: 'Notifications',
  noticesHint:
    'One for each change and one when it is over, never while you look at the console. A click opens the place that mends it.',
  everyMinutes: 'Least minutes between two of one kind',
  everyMinutesHint: 'What comes sooner is told together.',
  kind: {
    state: 'Not earning',
    keys: 'Keys',
    link: 'Link to the coordinator',
    chain: 'Chain',
    money: 'Stacks, disputes and gas',
    attestations: 'Attestations',
    machine: 'This machine',
  },
  notHere:
    'These settings are for the desktop application. This console runs without a desktop; the keys below work here too.',
} as const;

export const shortcuts = {
  title: 'Keys',
  open: 'Show all keys',
  intro: 'A key of one letter works while no field is being typed into.',
  single: 'Keys of one letter',
  singleHint: 'Off: only the combinations with Ctrl work. Kept in this window.',
  key: 'Press',
  act: 'To',
  then: '{{first}} then {{second}}',
  group: { go: 'Go to a page', act: 'Act', window: 'Window (desktop application)', everywhere: 'Everywhere' },
  acts: {
    help: 'Show or hide this list',
    pause: 'Pause or resume',
    close: 'Close what is open',
    next: 'Go to the next control',
    previous: 'Go to the one before',
    press: 'Press the button or follow the link',
    zoomIn: 'Larger text',
    zoomOut: 'Smaller text',
    zoomReset: 'Text at its usual size',
    fullScreen: 'Full screen',
    hide: 'Close the window',
    quit: 'Quit',
  },
  paused: 'Paused.',
  resumed: 'Resumed.',
} as const;

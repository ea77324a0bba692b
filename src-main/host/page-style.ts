/** The one style of the hosts' own pages: the tokens of design.md in the theme of the system; no font and no file is loaded. */

const light = `--canvas:#f5f6f8;--surface:#fff;--sunken:#eef0f3;--line:#dde1e7;--line-strong:#868e99;--text:#14181d;--text-2:#434b56;--accent:#4a43c4;--on-accent:#fff;--amber:#7d4e00;--amber-tint:#fbefd9;--danger:#b3261e;--danger-tint:#fbe9e7;--on-danger:#fff`;
const dark = `--canvas:#101216;--surface:#181b20;--sunken:#20242a;--line:#2d3239;--line-strong:#737c88;--text:#eceff3;--text-2:#bcc4ce;--accent:#aaa6ff;--on-accent:#14132e;--amber:#f0b95a;--amber-tint:#38290f;--danger:#ff9b92;--danger-tint:#3d1a17;--on-danger:#35100d`;

/** CSS text, inserted as it stands and allowed by its hash. */
export const pageStyle = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--text);font:400 0.875rem/1.5 system-ui,sans-serif}
main{max-width:560px;margin:48px auto;padding:24px;background:var(--surface);border:1px solid var(--line);border-radius:10px}
@media (max-width:680px){main{max-width:none;margin:0;min-height:100vh;border:0;border-radius:0}}
h1{margin:0 0 16px;font-size:1.25rem;font-weight:600;line-height:1.3}
h2{margin:24px 0 8px;font-size:1rem;font-weight:600}
p{margin:0 0 12px}
.product{margin:0 0 4px;color:var(--text-2);font-size:.8125rem}
.note{color:var(--text-2);font-size:.8125rem}
p.note{margin-top:8px}
.error,.warning{padding:12px 16px;border:1px solid;border-radius:6px}
.error{color:var(--danger);background:var(--danger-tint)}
.warning{color:var(--amber);background:var(--amber-tint)}
form{margin:0}
label{display:block;margin:16px 0 4px;font-weight:500}
input,textarea{width:100%;padding:8px 12px;border:1px solid var(--line-strong);border-radius:6px;background:var(--surface);color:var(--text);font:inherit}
textarea{min-height:96px;resize:vertical}
.actions{display:flex;flex-wrap:wrap;gap:12px;margin-top:24px}
button{min-height:40px;padding:8px 16px;border:1px solid var(--line-strong);border-radius:6px;background:var(--surface);color:var(--text);font:inherit;font-weight:500;cursor:pointer}
button.primary{border-color:var(--accent);background:var(--accent);color:var(--on-accent)}
button.danger{border-color:var(--danger);background:var(--danger);color:var(--on-danger)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
.words{display:grid;grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:4px 16px;margin:16px 0;padding:16px 16px 16px 48px;background:var(--sunken);border-radius:6px;font-variant-numeric:tabular-nums}
.words li{padding-left:4px;font-weight:500;font-size:1rem}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:0 16px}
dl{display:grid;grid-template-columns:minmax(96px,180px) 1fr;gap:8px 16px;margin:0 0 16px;font-variant-numeric:tabular-nums}
dt{color:var(--text-2)}
dd{margin:0;overflow-wrap:anywhere}
.figure{font-size:1rem;font-weight:600}
`;

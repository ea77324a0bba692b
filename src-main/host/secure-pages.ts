/** Answers requests for the host's own pages: token in, page out; the only place where a phrase or passphrase is typed or shown (architecture.md, "Loopback host"). */
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { html, renderPage, type PageResponse, type PageView } from './page-html.ts';
import { pageText } from './page-text.ts';
import type { SecureApi, SecurePage } from './secure-api.ts';
import { confirmPage } from './secure-confirm-page.ts';
import { createPage } from './secure-create-page.ts';
import { readForm, type Page, type PageContext, type PageStep } from './secure-form.ts';
import { backupPage, importPage, rehearsePage, restorePage, rotatePage, unlockPage } from './secure-key-pages.ts';
import type { SecureTokens } from './secure-tokens.ts';

/** One request, whichever host it came through. */
export type SecureRequest = { method: string; token: string; contentType: string; body: Uint8Array<ArrayBuffer> };

/** `done` is true when the page's one act is over and a window that shows it may close. */
export type SecureResponse = Omit<PageResponse, 'body'> & { body: string | Uint8Array<ArrayBuffer>; done: boolean };

/** Answers one request; never rejects. */
export type SecurePages = (request: SecureRequest) => Promise<SecureResponse>;

type Deps = { api: SecureApi; tokens: SecureTokens; random(): number; log: Logger };

const maxWrongPassphrases = 5;

const pages: Readonly<Record<SecurePage['kind'], Page>> = {
  create: createPage,
  import: importPage,
  restore: restorePage,
  unlock: unlockPage,
  backup: backupPage,
  rehearse: rehearsePage,
  rotate: rotatePage,
  confirm: confirmPage,
};

const notice = (status: number, words: { title: string; text: string }, done = false): SecureResponse => ({
  ...renderPage(status, { title: words.title, content: html`<p>${words.text}</p>` }),
  done,
});

/** Puts an error above the form; the alert role has it read out. */
const withMessage = (view: PageView, message: string | null): PageView =>
  message === null ? view : { ...view, content: html`<p class="error" role="alert">${message}</p>${view.content}` };

function show(page: Page, context: PageContext, status: number, message: string | null): SecureResponse {
  const view = page.show(context);
  return view === null ? notice(410, pageText.notWaiting, true) : { ...renderPage(status, withMessage(view, message)), done: false };
}

const download = (name: string, bytes: Uint8Array): SecureResponse => ({
  status: 200,
  headers: {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  },
  body: new Uint8Array(bytes),
  done: false,
});

/** Creates the pages over a node. */
export function createSecurePages({ api, tokens, random, log }: Deps): SecurePages {
  const finish = (token: string, response: SecureResponse): SecureResponse => {
    tokens.end(token);
    return response;
  };

  function answerStep(page: Page, context: PageContext, token: string, step: PageStep): SecureResponse {
    if (step.kind === 'done') return finish(token, notice(200, step, true));
    if (step.kind === 'file') return download(step.name, step.bytes);
    return show(page, context, step.kind === 'again' ? 422 : 200, step.kind === 'again' ? step.message : null);
  }

  function answerError(page: Page, context: PageContext, token: string, error: AppError): SecureResponse {
    const level = error.kind === 'bug' || error.kind === 'fatal' ? 'error' : 'debug';
    log[level]('secure.act_failed', { page: context.visit.page.kind, code: error.code, error });
    if (error.code === 'keys.wrong_passphrase') context.visit.wrongPassphrases += 1;
    if (context.visit.wrongPassphrases < maxWrongPassphrases) return show(page, context, 422, error.message);
    log.warn('secure.too_many_wrong_passphrases', { page: context.visit.page.kind });
    return finish(token, notice(403, pageText.burned));
  }

  async function post(page: Page, context: PageContext, request: SecureRequest): Promise<SecureResponse> {
    const form = await readForm(request.contentType, request.body);
    if (form === null) return show(page, context, 400, pageText.badForm);
    if (context.visit.busy) return notice(409, { title: pageText.problem, text: pageText.busy });
    context.visit.busy = true;
    try {
      return answerStep(page, context, request.token, await page.act(context, form));
    } catch (caught) {
      return answerError(page, context, request.token, toAppError(caught));
    } finally {
      context.visit.busy = false;
    }
  }

  return async (request) => {
    try {
      const visit = tokens.visit(request.token);
      if (visit === null) return notice(410, pageText.gone);
      const context: PageContext = { api, visit, random };
      const page = pages[visit.page.kind];
      if (request.method === 'GET') return show(page, context, 200, null);
      return request.method === 'POST' ? await post(page, context, request) : notice(405, pageText.refused);
    } catch (caught) {
      const error = new AppError('bug.unexpected', {}, { cause: caught });
      log.error('secure.page_failed', { error });
      return notice(500, { title: pageText.problem, text: error.message });
    }
  };
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A receiver on npm's standardwebhooks: node receiver.js PORT with SECRET in the environment.
// Appends a line for each request to the file named by VERDICTS.
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { Webhook } = require('standardwebhooks');

const webhook = new Webhook(process.env.SECRET);

function verdict(body, headers) {
  try {
    webhook.verify(body, headers);
    return 'valid';
  } catch (error) {
    return `invalid: ${error.message}`;
  }
}

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const answer = verdict(Buffer.concat(parts).toString('utf8'), request.headers);
    appendFileSync(process.env.VERDICTS, `${answer}\n`);
    response.statusCode = answer === 'valid' ? 200 : 401;
    response.end();
  });
}).listen(Number(process.argv[2]), '127.0.0.1');

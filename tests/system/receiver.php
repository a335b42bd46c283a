<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// A receiver as QLM's users write it: php -S HOST:PORT receiver.php with SECRET in the environment.
// Appends a line for each request to the file named by VERDICTS.
$body = file_get_contents('php://input');
$valid = hash('sha256', $body . getenv('SECRET')) === ($_SERVER['HTTP_X_QLM_SIGNATURE'] ?? '');
file_put_contents(getenv('VERDICTS'), $valid ? "valid\n" : "invalid\n", FILE_APPEND | LOCK_EX);
http_response_code($valid ? 200 : 401);

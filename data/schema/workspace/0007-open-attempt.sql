-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- An index that each attempt entered and left again. The open attempt of a delivery is found among
-- its few; that there is one at most is for the check to prove (store/delivery-check.c).

DROP INDEX attempt_pending;

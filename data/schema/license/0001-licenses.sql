-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A license database. Columns have the names that people use in searches, so the view only joins.
--
-- Text compares without regard to case (NOCASE), as the searches were written for. Dates are
-- wall-clock text `YYYY-MM-DD HH:MM:SS`, which sorts as it reads; flags are 0 or 1; what is absent
-- is null.

CREATE TABLE customers (
  CustomerID INTEGER PRIMARY KEY,
  FullName TEXT COLLATE NOCASE,
  Company TEXT COLLATE NOCASE,
  Email TEXT COLLATE NOCASE,
  Phone TEXT COLLATE NOCASE,
  Address1 TEXT COLLATE NOCASE,
  Address2 TEXT COLLATE NOCASE,
  City TEXT COLLATE NOCASE,
  State TEXT COLLATE NOCASE,
  Zip TEXT COLLATE NOCASE,
  Country TEXT COLLATE NOCASE,
  IncludeInMailList INTEGER CHECK (IncludeInMailList IN (0, 1)),
  PrivacyConsent INTEGER CHECK (PrivacyConsent IN (0, 1)),
  Notes TEXT COLLATE NOCASE
);

CREATE TABLE products (
  ProductID INTEGER PRIMARY KEY,
  ProductName TEXT COLLATE NOCASE
);

CREATE TABLE organizations (
  OrganizationID INTEGER PRIMARY KEY,
  OrganizationName TEXT COLLATE NOCASE
);

CREATE TABLE affiliates (
  AffiliateID TEXT COLLATE NOCASE NOT NULL PRIMARY KEY,
  AffiliateName TEXT COLLATE NOCASE
);

CREATE TABLE licenses (
  LicenseID INTEGER PRIMARY KEY,
  CustomerID INTEGER REFERENCES customers (CustomerID),
  ActivationKey TEXT COLLATE NOCASE NOT NULL CHECK (ActivationKey <> ''),
  LicenseModel TEXT COLLATE NOCASE,
  LicenseType TEXT COLLATE NOCASE,
  ProductID INTEGER REFERENCES products (ProductID),
  MajorVersion INTEGER,
  MinorVersion INTEGER,
  SubscriptionExpiryDate TEXT,
  MaintenanceRenewalDate TEXT,
  SubscriptionDuration INTEGER,
  CreationDate TEXT,
  OrderDate TEXT,
  OrderID TEXT COLLATE NOCASE,
  OrderStatus TEXT COLLATE NOCASE,
  ReceiptID TEXT COLLATE NOCASE,
  AffiliateID TEXT COLLATE NOCASE REFERENCES affiliates (AffiliateID),
  OrganizationID INTEGER REFERENCES organizations (OrganizationID),
  BundleID TEXT COLLATE NOCASE,
  NumLicenses INTEGER,
  AvailableLicenses INTEGER,
  FloatingSeats INTEGER,
  ActivationCount INTEGER,
  MaxReleaseCount INTEGER,
  MaxReleasePeriodInDays INTEGER,
  GenericLicense INTEGER CHECK (GenericLicense IN (0, 1)),
  Disabled INTEGER CHECK (Disabled IN (0, 1)),
  EnabledFeatures TEXT COLLATE NOCASE,
  Features TEXT COLLATE NOCASE,
  LegacyKey TEXT COLLATE NOCASE,
  UserData1 TEXT COLLATE NOCASE,
  Properties TEXT COLLATE NOCASE,
  Comment TEXT COLLATE NOCASE,
  Version INTEGER NOT NULL DEFAULT 1 -- counts the changes
);

-- The computers that a license is activated on. Position 0 is the current one, which the view
-- shows; together with the license it is unique, so a search that does not look at activations
-- does not read them.
CREATE TABLE activations (
  LicenseID INTEGER NOT NULL REFERENCES licenses (LicenseID) ON DELETE CASCADE,
  Position INTEGER NOT NULL DEFAULT 0,
  ComputerID TEXT COLLATE NOCASE,
  ComputerName TEXT COLLATE NOCASE,
  ComputerKey TEXT COLLATE NOCASE,
  ComputerType TEXT COLLATE NOCASE,
  IP_Address TEXT COLLATE NOCASE,
  ClientVersion TEXT COLLATE NOCASE,
  ActivationDate TEXT,
  ReleaseDate TEXT,
  LastAccessedDate TEXT,
  UNIQUE (LicenseID, Position)
);

CREATE UNIQUE INDEX licenses_by_key ON licenses (ActivationKey);
CREATE INDEX licenses_by_customer ON licenses (CustomerID);
CREATE INDEX licenses_by_product ON licenses (ProductID);
CREATE INDEX licenses_by_organization ON licenses (OrganizationID);
CREATE INDEX licenses_by_affiliate ON licenses (AffiliateID);
CREATE INDEX licenses_by_expiry ON licenses (SubscriptionExpiryDate);
CREATE INDEX licenses_by_renewal ON licenses (MaintenanceRenewalDate);
CREATE INDEX licenses_by_order_date ON licenses (OrderDate);
CREATE INDEX licenses_by_creation ON licenses (CreationDate);
CREATE INDEX licenses_by_receipt ON licenses (ReceiptID);
CREATE INDEX licenses_by_order ON licenses (OrderID);
CREATE INDEX licenses_by_model ON licenses (LicenseModel);
CREATE INDEX licenses_by_status ON licenses (OrderStatus);
CREATE INDEX licenses_by_number ON licenses (NumLicenses);
CREATE INDEX licenses_by_disabled ON licenses (Disabled);
CREATE INDEX customers_by_email ON customers (Email);
CREATE INDEX customers_by_name ON customers (FullName);
CREATE INDEX customers_by_company ON customers (Company);
CREATE INDEX activations_by_date ON activations (ActivationDate);
CREATE INDEX activations_by_access ON activations (LastAccessedDate);
CREATE INDEX activations_by_computer ON activations (ComputerName);

-- One row per license. Every join finds at most one row, so SQLite drops those that a search does not
-- use. The conditions that compare a column with itself are always true: SQLite asks the authorizer
-- about a table of which no column but the rowid is used as if the search had named that table, and
-- the confinement of searches (src/store/confinement.c) would deny it.
CREATE VIEW qryLicenseInfo AS
SELECT
  licenses.LicenseID AS LicenseID,
  licenses.ActivationKey AS ActivationKey,
  customers.FullName AS FullName,
  customers.Company AS Company,
  customers.Email AS Email,
  customers.Phone AS Phone,
  customers.Address1 AS Address1,
  customers.Address2 AS Address2,
  customers.City AS City,
  customers.State AS State,
  customers.Zip AS Zip,
  customers.Country AS Country,
  customers.IncludeInMailList AS IncludeInMailList,
  customers.PrivacyConsent AS PrivacyConsent,
  customers.Notes AS Notes,
  licenses.ProductID AS ProductID,
  products.ProductName AS ProductName,
  licenses.MajorVersion AS MajorVersion,
  licenses.MinorVersion AS MinorVersion,
  licenses.LicenseModel AS LicenseModel,
  licenses.LicenseType AS LicenseType,
  licenses.SubscriptionExpiryDate AS SubscriptionExpiryDate,
  licenses.MaintenanceRenewalDate AS MaintenanceRenewalDate,
  licenses.SubscriptionDuration AS SubscriptionDuration,
  licenses.CreationDate AS CreationDate,
  licenses.OrderDate AS OrderDate,
  licenses.OrderID AS OrderID,
  licenses.OrderStatus AS OrderStatus,
  licenses.ReceiptID AS ReceiptID,
  licenses.AffiliateID AS AffiliateID,
  affiliates.AffiliateName AS AffiliateName,
  licenses.OrganizationID AS OrganizationID,
  organizations.OrganizationName AS OrganizationName,
  licenses.BundleID AS BundleID,
  licenses.NumLicenses AS NumLicenses,
  licenses.AvailableLicenses AS AvailableLicenses,
  licenses.FloatingSeats AS FloatingSeats,
  licenses.ActivationCount AS ActivationCount,
  licenses.MaxReleaseCount AS MaxReleaseCount,
  licenses.MaxReleasePeriodInDays AS MaxReleasePeriodInDays,
  licenses.GenericLicense AS GenericLicense,
  licenses.Disabled AS Disabled,
  licenses.EnabledFeatures AS EnabledFeatures,
  licenses.Features AS Features,
  licenses.LegacyKey AS LegacyKey,
  licenses.UserData1 AS UserData1,
  licenses.Properties AS Properties,
  licenses.Comment AS Comment,
  activations.ComputerID AS ComputerID,
  activations.ComputerName AS ComputerName,
  activations.ComputerKey AS ComputerKey,
  activations.ComputerType AS ComputerType,
  activations.IP_Address AS IP_Address,
  activations.ClientVersion AS ClientVersion,
  activations.ActivationDate AS ActivationDate,
  activations.ReleaseDate AS ReleaseDate,
  activations.LastAccessedDate AS LastAccessedDate
FROM licenses
LEFT JOIN customers ON customers.CustomerID = licenses.CustomerID
  AND customers.Email IS customers.Email
LEFT JOIN products ON products.ProductID = licenses.ProductID
  AND products.ProductName IS products.ProductName
LEFT JOIN affiliates ON affiliates.AffiliateID = licenses.AffiliateID
LEFT JOIN organizations ON organizations.OrganizationID = licenses.OrganizationID
  AND organizations.OrganizationName IS organizations.OrganizationName
LEFT JOIN activations ON activations.LicenseID = licenses.LicenseID AND activations.Position = 0;

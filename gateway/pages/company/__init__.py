"""Pages of the company's records: customers, statements, prices, staff, keys, links, reports, notices, jobs, calendar."""

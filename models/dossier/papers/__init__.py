"""What each paper and notice says when it becomes due, by what it is about; `models.dossier.papers_due` has all of them."""

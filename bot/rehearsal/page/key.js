// SimCord's page reads from its address what it may show. Ours has it in the document.
history.replaceState(null, "", `#${document.documentElement.dataset.key}`);

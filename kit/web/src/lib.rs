//! Page frame, form fields, errors to pages, design tokens, samples gallery.

document.title = 'Your CRM';

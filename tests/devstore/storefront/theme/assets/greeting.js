document.documentElement.dataset.greeting = "ran";

self.helper = () => 'from the root';

self.near = () => 'from the folder';

self.declared = 'declared';

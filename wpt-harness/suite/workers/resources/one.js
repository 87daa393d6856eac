const fromOne = 'one', constantOfOne = 'a constant';

import Commands

Martlet.main()

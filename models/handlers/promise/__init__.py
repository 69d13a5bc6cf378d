"""What facts about the confirmation sheet and the promised date do."""

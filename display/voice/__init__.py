"""What the hall hears: phrases, clips, the speech engine, the queue, the loudspeaker."""

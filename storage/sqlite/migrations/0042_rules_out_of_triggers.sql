-- When a guest is polled again whose chats came back is decided where their state is changed.
DROP TRIGGER guests_come_back;
